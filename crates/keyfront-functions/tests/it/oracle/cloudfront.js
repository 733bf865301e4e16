/*
 * The module `cloudfront` for the command line njs, over the pairs of the case that is running.
 * njs evaluates modules before the first line of the code, so the scene is looked up when it is needed.
 */
function scene() { return globalThis.__scene; }

function has(key) { return Object.prototype.hasOwnProperty.call(scene().pairs, key); }

function read(key, options) {
    if (!has(key)) { throw new Error('KeyNotFound'); }
    var text = scene().pairs[key];
    switch (options && options.format) {
    case 'json': return JSON.parse(text);
    case 'bytes': return Buffer.from(text);
    }
    return text;
}

export default {
    kvs: function () {
        return {
            get: async function (key, options) { return read(key, options); },
            exists: async function (key) { return has(key); },
            meta: async function () {
                return {
                    creationDateTime: new Date(scene().created),
                    lastUpdatedDateTime: new Date(scene().modified),
                    keyCount: Object.keys(scene().pairs).length
                };
            }
        };
    },
    get edgeLocation() {
        return scene().event.context.eventType === 'viewer-request'
            ? { name: 'SEA', serverIp: '192.0.2.1', region: 'us-west-2' } : {};
    },
    updateRequestOrigin: function () {},
    selectRequestOriginById: function () {},
    createRequestOriginGroup: function () {}
};
