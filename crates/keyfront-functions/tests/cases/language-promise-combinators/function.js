async function handler(event) {
    const later = (v) => new Promise((resolve) => resolve(v));
    const all = await Promise.all([later(1), 2, later(3)]);
    const settled = await Promise.allSettled([later(1), Promise.reject(new Error('x'))]);
    const race = await Promise.race([later('first'), later('second')]);
    const any = await Promise.any([Promise.reject(new Error('x')), later('any')]);
    console.log([all.join(), settled.map((s) => s.status).join(), race, any].map(String).join(' '));
    try { await Promise.any([Promise.reject(1)]); } catch (e) { console.log(e.name); }
    return event.request;
}
