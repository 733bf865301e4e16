function handler(event) {
    const fib = function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); };
    console.log(fib(15));
    return event.request;
}
