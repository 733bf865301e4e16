function handler(event) {
    try { undeclared = 1; } catch (e) { console.log(String(e)); }
    console.log(typeof undeclared);
    return event.request;
}
