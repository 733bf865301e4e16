function handler(event) {
    try { (1).toFixed(101); } catch (e) { console.log(e.name); }
    try { (1).toString(1); } catch (e) { console.log(e.name); }
    return event.request;
}
