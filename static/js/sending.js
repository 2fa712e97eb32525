// Sending a form: once for two clicks, and when there is no connection, as soon as it is back.

const patience = 10000; // a second click sooner than this is one too many, later it is another try
const quiet = 1000; // what goes quickly needs no words
const pause = 5000; // between two looks whether the service can be reached

// Whether the service answers within a moment.
export async function reachable() {
    const late = new Promise((resolve) => setTimeout(resolve, pause, false));
    const reply = fetch('/robots.txt', { method: 'HEAD', cache: 'no-store' }).then(
        () => true,
        () => false,
    );
    return Promise.race([reply, late]);
}

// `say(name)` tells the person: 'sending', 'offline', 'back' or '' (nothing any more).
export function sendPolitely(form, say) {
    let pressed, since, timer, waiting;

    function rest() {
        pressed?.removeAttribute('aria-disabled');
        pressed = undefined;
        clearTimeout(timer);
    }

    function begin(button) {
        rest();
        pressed = button ?? undefined;
        since = Date.now();
        pressed?.setAttribute('aria-disabled', 'true');
        timer = setTimeout(say, quiet, 'sending');
        setTimeout(() => pressed === button && rest(), patience);
    }

    async function retry() {
        if (!waiting || !navigator.onLine) return;
        const there = await reachable();
        if (!waiting) return;
        if (!there) {
            setTimeout(retry, pause);
            return;
        }
        const { button } = waiting;
        waiting = undefined;
        removeEventListener('online', retry);
        say('back');
        if (button) button.click();
        else form.requestSubmit();
    }

    // For the button that was pressed last.
    function wait(button) {
        waiting = { button };
        say('offline');
        addEventListener('online', retry);
    }

    form.addEventListener('submit', (event) => {
        const button = event.submitter;
        const again = pressed && pressed === button && Date.now() - since < patience;
        if (again) {
            event.preventDefault();
        } else if (waiting || navigator.onLine === false) {
            event.preventDefault();
            wait(button);
        } else {
            begin(button);
        }
    });
    // Shown again by the back button, just as it was left.
    addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return;
        rest();
        say('');
    });
}
