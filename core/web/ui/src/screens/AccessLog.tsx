export { default } from "./access-log/AccessLog";
