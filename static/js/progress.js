// A page of what is being made (an export, a final release) asks for itself again while that goes on. Without this there is a link for it.
const pause = 2000;

export function progress(document) {
    const region = document.querySelector('[data-module="app-progress"]');
    if (region) follow(document, region);
}

async function follow(document, region) {
    while ('going' in region.dataset) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        const fresh = await ask(document).catch(() => null);
        if (fresh === undefined) return; // signed out meanwhile: the link leads to the sign-in
        if (fresh) take(document, region, fresh);
    }
}

// The region as it is now; null: not to be had just now.
async function ask(document) {
    const reply = await fetch(document.location.href, { headers: { accept: 'text/html' } });
    if (reply.status >= 500) return null;
    return new DOMParser().parseFromString(await reply.text(), 'text/html').querySelector('[data-module="app-progress"]') ?? undefined;
}

// Only what changed is replaced, so that nothing is read out again, and a button keeps its focus while it means the same.
function take(document, region, fresh) {
    const focused = region.contains(document.activeElement);
    for (const part of region.querySelectorAll('[data-part]')) {
        const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
        if (part.innerHTML !== now.innerHTML) part.replaceChildren(...now.childNodes);
    }
    if (!('going' in fresh.dataset)) delete region.dataset.going;
    if (focused && !region.contains(document.activeElement)) region.querySelector('[data-part="state"]').focus();
}
