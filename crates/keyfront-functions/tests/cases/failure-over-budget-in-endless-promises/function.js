async function handler(event) {
    const again = async () => {
        await null;
        return again();
    };
    await again();
    return event.request;
}
