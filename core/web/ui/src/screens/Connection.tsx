export { default } from "./connection/Connection";
