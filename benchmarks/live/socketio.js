// The same by a well-known server: node socketio.js PORT BYTES EVERY_MS (needs `npm install` in this folder).
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, bytes, every] = process.argv.slice(2).map(Number);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false, pingInterval: 300_000, pingTimeout: 300_000 });
const text = "x".repeat(Math.max(1, bytes - 20));
http.listen(port, "127.0.0.1");
setInterval(() => io.emit("show", text), every);
setTimeout(() => process.exit(0), 300_000);
