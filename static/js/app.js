// What every page loads. Each page works without it; here is what makes it kinder.
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs';
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs';
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs';
import { answers } from './answer.js';
import { arrows } from './arrows.js';
import { characterCounts } from './character_count.js';
import { progress } from './progress.js';
import { entry } from './entry.js';
import { receiptCode } from './receipt_code.js';
import { signIn } from './sign_in.js';
import { uploads } from './upload.js';

// Their styles and their constructors ask for it; no inline script may say it earlier.
document.body.classList.add('js-enabled', 'govuk-frontend-supported');

for (const [name, Component] of [
    ['error-summary', ErrorSummary],
    ['checkboxes', Checkboxes],
    ['radios', Radios],
])
    for (const root of document.querySelectorAll(`[data-module="govuk-${name}"]`)) new Component(root);
characterCounts(document);
progress(document);
receiptCode();
answers(document);
signIn(document);
arrows(document);
entry(document);
uploads(document);
