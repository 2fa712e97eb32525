// A receipt's QR code leads to its page with the code behind the #, which no browser sends to a server. It is put into its
// field, and taken out of the address, so that no history and no copied address keeps it.
export function receiptCode() {
    // The token of an official's set-up link is carried the same way.
    const token = document.querySelector('input[name="/token"][type="text"]');
    if (token && /^#[\w-]{43}$/.test(location.hash)) {
        token.value = location.hash.slice(1);
        history.replaceState(history.state, '', location.pathname + location.search);
        return;
    }
    const field = document.querySelector('form[action$="/submission"] input[name="/code"]');
    if (!field || !/^#[0-9a-z]{12}$/i.test(location.hash)) return;
    field.value = location.hash.slice(1);
    history.replaceState(history.state, '', location.pathname + location.search);
    field.focus();
}
