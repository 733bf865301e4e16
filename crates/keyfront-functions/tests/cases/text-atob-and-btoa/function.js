function handler(event) {
    console.log([btoa('hello'), atob('aGVsbG8='), btoa(''), atob('aGk').length, btoa('\xff\x00'), atob('/w==').charCodeAt(0)].map(String).join(' '));
    return event.request;
}
