export { default } from "./connection/Connections";
