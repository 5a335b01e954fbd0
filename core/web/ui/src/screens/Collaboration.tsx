export { Collaboration as default } from "./collaborations/One";
