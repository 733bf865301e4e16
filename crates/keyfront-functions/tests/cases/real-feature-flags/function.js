import cf from 'cloudfront';

const kv = cf.kvs();

function bucket(id, flag) {
    let h = 2166136261;
    const text = id + ':' + flag;
    for (let i = 0; i < text.length; i++) {
        h = Math.imul(h ^ text.charCodeAt(i), 16777619) >>> 0;
    }
    return h % 100;
}

async function handler(event) {
    const request = event.request;
    const flags = await kv.get('flags', { format: 'json' });
    const cookie = request.cookies.uid;
    const id = cookie ? cookie.value : event.viewer.ip;
    const on = Object.keys(flags).filter((name) => {
        const flag = flags[name];
        return flag.enabled && bucket(id, name) < (flag.percent ?? 100);
    });
    request.headers['x-features'] = { value: on.sort().join(',') || 'none' };
    return request;
}
