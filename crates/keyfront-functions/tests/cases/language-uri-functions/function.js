function handler(event) {
    console.log([encodeURIComponent('a b/c?d=é&'), encodeURI('/a b?x=1&y=é#z'), decodeURIComponent('%2Fa%20b%C3%A9'), decodeURI('%2Fa%20b')].map(String).join(' '));
    try { decodeURIComponent('%E9'); } catch (e) { console.log(e.name); }
    try { decodeURIComponent('%'); } catch (e) { console.log(e.name); }
    return event.request;
}
