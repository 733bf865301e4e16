function handler(event) {
    const bytes = new TextEncoder().encode('aé€😀');
    console.log([bytes.join(), bytes instanceof Uint8Array, new TextDecoder().decode(bytes) === 'aé€😀'].map(String).join(' '));
    console.log([new TextDecoder('utf-8').decode(new Uint8Array([97, 255, 98])), new TextDecoder().encoding, new TextDecoder().fatal].map(String).join(' '));
    try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])); } catch (e) { console.log(e.name); }
    return event.request;
}
