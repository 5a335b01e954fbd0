export { default } from "./whoKnows";
