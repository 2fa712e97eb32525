// Says how many characters may still be written. As GOV.UK Frontend's component, but it counts code points after line
// ends became LF, as the server does (DECISIONS: text); theirs counts what a reader takes for a character.
//
//   <div class="govuk-character-count" data-module="app-character-count" data-maxlength="2000"
//        data-left="%{count} …" data-over="%{count} …">
//     <textarea class="govuk-textarea govuk-js-character-count" …></textarea>
//   </div>
//
// The field's own hint names the limit; the count stands below the field, and is said aloud when the writing pauses.

const pause = 1000;

export function codePoints(text) {
    return [...text.replace(/\r\n?/g, '\n')].length;
}

function message(root, left, language) {
    const count = new Intl.NumberFormat(language).format(Math.abs(left));
    return (left < 0 ? root.dataset.over : root.dataset.left).replace('%{count}', count);
}

function line(className, attribute, value) {
    const element = document.createElement('div');
    element.className = className;
    element.setAttribute(attribute, value);
    return element;
}

function characterCount(root) {
    const field = root.querySelector('.govuk-js-character-count');
    const seen = line('govuk-character-count__message govuk-character-count__status', 'aria-hidden', 'true');
    const said = line('govuk-visually-hidden', 'aria-live', 'polite');
    let timer;

    function update() {
        const left = Number(root.dataset.maxlength) - codePoints(field.value);
        seen.textContent = message(root, left, document.documentElement.lang);
        seen.classList.toggle('govuk-error-message', left < 0);
        seen.classList.toggle('govuk-hint', left >= 0);
        field.classList.toggle('govuk-textarea--error', left < 0 || field.getAttribute('aria-invalid') === 'true');
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (document.activeElement === field) said.textContent = seen.textContent;
        }, pause);
    }

    field.after(seen, said);
    field.addEventListener('input', update);
    // A page shown again by the back button has its text before it has its script.
    addEventListener('pageshow', update);
    update();
}

export function characterCounts(scope) {
    for (const root of scope.querySelectorAll('[data-module="app-character-count"]')) characterCount(root);
}
