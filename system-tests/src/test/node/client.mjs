// One conversation of Node's ws: offers a subprotocol, sends one binary message, reads so many bytes.
// Prints what it saw: "PROTOCOL RECEIVED ERROR", with the received bytes in base64.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, authority, url, offer, message, expected] = process.argv.slice(2);
// The package is below target, not beside this file.
const WebSocket = createRequire(`${modules}/package.json`)("ws");
const chunks = [];

const socket = new WebSocket(url, offer, { ca: readFileSync(authority), servername: "localhost" });

function finish(error) {
  const received = error ? "" : Buffer.concat(chunks).toString("base64");
  console.log(`${socket.protocol} ${received} ${error}`);
  process.exit();
}

socket.on("open", () => socket.send(Buffer.from(message)));
socket.on("message", (data) => {
  chunks.push(data);
  if (Buffer.concat(chunks).length >= Number(expected)) {
    finish("");
  }
});
socket.on("error", (error) => finish(error.message));
socket.on("close", (code) => finish(`closed with ${code}`));
