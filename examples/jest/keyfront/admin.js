// Sends a request to the server's admin address.
module.exports = async function admin(method, path, body) {
  const answer = await fetch(`http://${process.env.KEYFRONT_ADMIN}${path}`, {
    method,
    headers: { Authorization: "Bearer test" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
