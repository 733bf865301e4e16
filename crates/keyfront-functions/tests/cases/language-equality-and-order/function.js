function handler(event) {
    console.log([1 == '1', null == undefined, null == 0, NaN == NaN, [] == '', '0' == false, Object.is(-0, 0)].map(String).join(' '));
    console.log(['b' > 'a', '10' < '9', 10 < 9, null >= 0, undefined >= 0, 'a' < 1].map(String).join(' '));
    return event.request;
}
