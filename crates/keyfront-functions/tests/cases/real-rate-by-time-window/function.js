function handler(event) {
    const now = new Date();
    const minutes = now.getUTCHours() * 60 + now.getUTCMinutes();
    const open = minutes >= 8 * 60 && minutes < 18 * 60 && now.getUTCDay() % 6 !== 0;
    event.request.headers['x-office'] = { value: open ? 'open' : 'closed' };
    return event.request;
}
