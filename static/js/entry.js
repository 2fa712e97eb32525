// Typing in what came on paper: on the choices of a measure, its figure chooses and leads on to the next measure; a full stop or hyphen
// takes the choice back. Without this the arrow keys choose, as in all radio buttons.

function chosen(group, key) {
    const value = key === '.' || key === '-' ? '' : key;
    return [...group.querySelectorAll('input')].find((input) => input.value === value);
}

// Where the focus goes on: a radio group is entered at its chosen button.
function enter(group) {
    (group.querySelector('input:checked') ?? group.querySelector('input')).focus();
}

export function entry(scope) {
    for (const form of scope.querySelectorAll('[data-module="app-entry"]')) {
        const groups = [...form.querySelectorAll('[data-part="stance"]')];
        form.addEventListener('keydown', (event) => {
            const group = event.target.closest('[data-part="stance"]');
            if (!group || event.ctrlKey || event.altKey || event.metaKey || !/^[0-5.-]$/.test(event.key)) return;
            event.preventDefault();
            chosen(group, event.key).checked = true;
            const next = groups[groups.indexOf(group) + 1];
            if (next) enter(next);
            else chosen(group, event.key).focus();
        });
    }
}
