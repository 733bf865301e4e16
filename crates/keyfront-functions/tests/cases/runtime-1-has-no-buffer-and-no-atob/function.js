function handler(event) {
    console.log([typeof Buffer, typeof atob, typeof btoa].map(String).join(' '));
    return event.request;
}
