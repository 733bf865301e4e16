function handler(event) {
    const steps = [];
    function run() {
        try { steps.push('try'); throw new Error('x'); }
        catch (e) { steps.push('catch ' + e.message); return 'from catch'; }
        finally { steps.push('finally'); }
    }
    console.log([run(), steps.join('; ')].map(String).join(' '));
    console.log((function () { try { return 1; } finally { return 2; } })());
    return event.request;
}
