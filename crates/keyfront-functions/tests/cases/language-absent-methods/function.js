function handler(event) {
    const has = [];
    if ([].flat) { has.push('flat'); }
    if ([].flatMap) { has.push('flatMap'); }
    if ([].at) { has.push('at'); }
    if ([].toSorted) { has.push('toSorted'); }
    if ([].findLast) { has.push('findLast'); }
    if (''.at) { has.push('String at'); }
    if (''.matchAll) { has.push('matchAll'); }
    if (Object.fromEntries) { has.push('fromEntries'); }
    if (Object.groupBy) { has.push('groupBy'); }
    if (Object.hasOwn) { has.push('hasOwn'); }
    console.log(['has:', has.join()].map(String).join(' '));
    return event.request;
}
