// Signing in in another tab of this browser: the code that is shown there fills itself in here, in the form it belongs to.
// Nobody else's browser hears it, so that it is worth what a code that is typed is. See static/pages/answer_sign_in.mustache
// and renewal_sign_in.mustache.
const name = 'consultation-sign-in';

export function signIn(scope) {
    if (!('BroadcastChannel' in window)) return;
    const shown = scope.querySelector('[data-module="app-sign-in-code"]');
    if (shown) new BroadcastChannel(name).postMessage({ ...shown.dataset });
    const box = scope.querySelector('[data-module="app-sign-in"]');
    if (!box) return;
    const field = document.getElementById('proof-code');
    new BroadcastChannel(name).addEventListener('message', ({ data }) => {
        if (data.challenge !== field.form.elements.namedItem('/proof/challenge').value || field.value) return;
        field.value = data.code;
        // What was wrong before is not any more.
        box.classList.remove('govuk-form-group--error');
        field.classList.remove('govuk-input--error');
        field.removeAttribute('aria-invalid');
        box.querySelector('.govuk-error-message')?.remove();
        box.querySelector('[role="status"]').textContent = box.dataset.filled;
    });
}
