function handler(event) {
    const into = new Uint8Array(4);
    const r = new TextEncoder().encodeInto('aé€', into);
    console.log([JSON.stringify(r), into.join()].map(String).join(' '));
    return event.request;
}
