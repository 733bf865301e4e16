function handler(event) {
    function grade(n) {
        let out = '';
        switch (n) {
        case 1: out += 'one';
        case 2: out += 'two'; break;
        default: out += 'other';
        case 3: out += 'three';
        }
        return out;
    }
    console.log([grade(1), grade(2), grade(3), grade(9)].map(String).join(' '));
    return event.request;
}
