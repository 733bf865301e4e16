function handler(event) {
    const d = new Date(0);
    d.setMinutes(NaN);
    console.log(String(d.getTime()));
    const e = new Date(0);
    e.setUTCMonth(undefined);
    console.log(String(e.getTime()));
    return event.request;
}
