function handler(event) {
    var order = [];
    Promise.resolve(1).then(function () { order.push('then'); });
    order.push('sync');
    console.log(order.join());
    return event.request;
}
