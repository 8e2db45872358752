/** `drydock image`의 한국어 문장. */
import type { image as english } from "./image_en.ts";

export const image: typeof english = {
  about: {
    add: "파일 하나 또는 폴더의 파일들에 적힌 이미지를 추가합니다",
    list: "추가한 이미지의 목록을 보여 줍니다",
    remove: "추가한 이미지를 제거합니다",
  },
  path: "YAML 파일, 또는 그런 파일이 있는 폴더",
  name: "`drydock image list`에 나오는 이미지, 또는 그 파일 이름",
  added: (name) => `추가했습니다: ${name}`,
  when: "이제부터 시작하는 메모리 클러스터가 이 이미지를 받을 수 있습니다.",
  none: "추가한 이미지가 없습니다. `drydock image add FILE`로 추가하세요.",
  row: (image, tags, file) => `${image}  ${tags ?? "모든 태그"}  (${file})`,
  plainRow: (image, file) => `${image}  일반 컨테이너  (${file})`,
  removed: (name) => `제거했습니다: ${name}`,
  unknown: (name) => `추가한 적이 없는 이미지나 파일입니다: ${name}. \`drydock image list\`로 확인하세요.`,
};
