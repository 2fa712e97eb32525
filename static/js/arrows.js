// The arrow keys follow a page's links to what comes before and after it. They are no characters, so that nobody who speaks
// to their computer presses them by chance (WCAG 2.1.4); where something is typed, chosen or scrolled sideways they are its own.
const ways = { ArrowLeft: 'prev', ArrowRight: 'next' };

export function arrows(scope) {
    const around = scope.querySelector('[data-module="app-arrows"]');
    if (!around?.querySelector('a[rel]')) return;
    for (const note of scope.querySelectorAll('[data-part="arrows"]')) note.hidden = false;
    scope.addEventListener('keydown', (event) => {
        const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
        if (!(key in ways) || altKey || ctrlKey || metaKey || shiftKey || target.closest('input, select, textarea, [tabindex]')) return;
        around.querySelector(`a[rel="${ways[key]}"]`)?.click();
    });
}
