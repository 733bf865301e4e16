function handler(event) {
    let x = (1, 2, 3);
    console.log([x, x > 2 ? x > 5 ? 'big' : 'medium' : 'small', x++ + ++x, x--, !x, !!x, -x, +'3'].map(String).join(' '));
    return event.request;
}
