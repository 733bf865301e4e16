function handler(event) {
    const a = [5, 1, 4];
    a.push(9, 8); a.unshift(0); a.pop(); a.shift();
    a.splice(1, 1, 'x', 'y');
    a.reverse();
    console.log([a.join(), a.length, [3, 1, 2].sort().join(), [1, 2, 3].fill(0, 1).join(), [1, 2, 3, 4, 5].copyWithin(0, 3).join()].map(String).join(' '));
    console.log([[10, 9, 1].sort().join(), [10, 9, 1].sort((x, y) => x - y).join()].map(String).join(' '));
    return event.request;
}
