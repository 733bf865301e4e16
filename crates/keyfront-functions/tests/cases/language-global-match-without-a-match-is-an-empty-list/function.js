function handler(event) {
    const m = 'abc'.match(/x/g);
    console.log(JSON.stringify(m));
    console.log(JSON.stringify('abc'.match(/x/)));
    console.log(JSON.stringify('abcb'.match(/b/g)));
    return event.request;
}
