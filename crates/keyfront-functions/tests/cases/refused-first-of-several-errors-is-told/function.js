function handler(event) {
    const a = ;
    class B {}
}
