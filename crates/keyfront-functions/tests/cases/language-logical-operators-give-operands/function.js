function handler(event) {
    console.log([0 || 'b', 'a' && 'b', '' && 'x', null || undefined, 1 && 0 || 'last'].map(String).join(' '));
    let ran = false;
    true || (ran = true);
    console.log(ran);
    return event.request;
}
