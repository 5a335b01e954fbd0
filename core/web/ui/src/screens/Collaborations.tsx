export { Collaborations as default } from "./collaborations/List";
