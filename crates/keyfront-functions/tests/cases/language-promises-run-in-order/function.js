async function handler(event) {
    const order = [];
    const p = new Promise((resolve) => { order.push('executor'); resolve('v'); });
    const done = p.then((v) => { order.push('then ' + v); throw new Error('e'); }).catch((e) => { order.push('catch ' + e.message); }).finally(() => { order.push('finally'); });
    order.push('sync');
    await done;
    console.log(order.join('; '));
    return event.request;
}
