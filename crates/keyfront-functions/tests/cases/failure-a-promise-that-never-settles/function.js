function handler(event) {
    return new Promise((resolve) => { console.log('waiting'); });
}
