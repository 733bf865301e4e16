function handler(event) {
    const texts = ['2024-05-01', '2024-05-01T10:20:30Z', '2024-05-01T10:20:30.5Z', 'Wed, 01 May 2024 10:20:30 GMT', '2024', '2024-05', 'nonsense', ''];
    for (let i = 0; i < texts.length; i++) { console.log(texts[i] + ' -> ' + Date.parse(texts[i])); }
    return event.request;
}
