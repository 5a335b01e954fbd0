export { default } from "./report";
