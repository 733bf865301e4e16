async function handler(event) {
    const again = async () => {
        await null;
        again();
    };
    again();
    await new Promise(() => {});
    return event.request;
}
