function handler(event) {
    const a = [1, 2, 3, 4];
    console.log([a.map((x) => x * 2).join(), a.filter((x) => x % 2).join(), a.reduce((s, x) => s + x, 0), a.reduceRight((s, x) => s + x, '')].map(String).join(' '));
    console.log([a.indexOf(3), a.lastIndexOf(9), a.includes(4), [NaN].includes(NaN), [NaN].indexOf(NaN), a.find((x) => x > 2), a.findIndex((x) => x > 9)].map(String).join(' '));
    console.log([a.some((x) => x > 3), a.every((x) => x > 3), a.slice(-2).join(), a.concat([5], 6).join(), Array.isArray(a), Array.of(7, 8).join()].map(String).join(' '));
    let seen = '';
    a.forEach((x, i) => { seen += i + '=' + x + ' '; });
    console.log(seen);
    return event.request;
}
