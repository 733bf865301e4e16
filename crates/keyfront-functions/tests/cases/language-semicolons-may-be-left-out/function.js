function handler(event) {
    let a = 1
    let b = 2
    const f = () => {
        return a
    }
    a++
    b--
    console.log([a, b, f()].map(String).join(' '))
    return event.request;
}
