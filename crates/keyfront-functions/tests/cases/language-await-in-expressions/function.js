async function handler(event) {
    const o = { v: await Promise.resolve(1), list: [await 2, await 3] };
    const sum = (await Promise.resolve(4)) + (await 5);
    if (await Promise.resolve(true)) {
        console.log([o.v, o.list.join(), sum].map(String).join(' '));
    }
    for (let i = 0; i < await Promise.resolve(2); i++) {
        console.log(['turn', i].map(String).join(' '));
    }
    return event.request;
}
