/** What the commands for authors of exercises say, in Korean. */
import type { author as english } from "./author_en.ts";

export const author: typeof english = {
  verify: {
    mutate: "확인 항목마다 풀이를 한 번씩 망쳐서, 그 항목만 실패하는지도 검사합니다",
  },
  lint: {
    folders: "카탈로그나 연습 문제 폴더 (생략하면 기본 제공 문제)",
    clean: (count) => `연습 문제 ${count}개를 검사했고 문제가 없습니다.`,
    found: (issues, count) => `연습 문제 ${count}개에서 고칠 곳 ${issues}개를 찾았습니다.`,
  },
  new: {
    id: "연습 문제의 ID: 소문자, 숫자, 대시",
    topic: "topics.yaml에 있는 주제",
    titleEn: "영어 제목",
    titleKo: "한국어 제목",
    cka: "CKA 역량 (예: workloads/scheduling)",
    ckad: "CKAD 역량 (예: design/workloads)",
    difficulty: "난이도: 1(쉬움)부터 3(어려움)까지",
    minutes: "예상 풀이 시간(분)",
    intro: "새 연습 문제",
    none: "없음",
    missing: (options) => `터미널이 아니므로 다음 옵션이 필요합니다: ${options}`,
    badId: "소문자, 숫자, 대시만 쓰세요.",
    required: "꼭 필요한 값입니다.",
    unknownTopic: (topic) => `topics.yaml에 ${topic} 주제가 없습니다.`,
    unknownCompetency: (competency) => `커리큘럼에 없는 역량입니다: ${competency}`,
    topicsAre: (topics) => `쓸 수 있는 값: ${topics}`,
    cancelled: "아무것도 만들지 않았습니다.",
    written: (folder) => `만든 폴더: ${folder}`,
    then: (id, exercises) =>
      `그대로도 동작하는 예제입니다. 내용을 고친 다음 \`drydock lint${exercises}\`와 \`drydock verify --mutate ${id}${exercises}\`를 실행하세요.`,
  },
  parity: {
    needsContext: "비교할 클러스터를 --context로 지정하세요.",
    memory: "메모리 클러스터",
    differences: (count, all) => `연습 문제 ${all}개 중 ${count}개의 결과가 다릅니다.`,
    exercise: "연습 문제",
    running: (id) => `${id} 확인 중…`,
  },
  coverage: {
    write: "FILE의 <!-- coverage: begin -->과 <!-- coverage: end --> 사이에 표를 써넣습니다",
    noMarkers: (file) => `${file}에 <!-- coverage: begin --> 줄과 <!-- coverage: end --> 줄이 없습니다.`,
    covered: (covered, all, exam) => `${exam}: 역량 ${all}개 중 ${covered}개에 연습 문제가 있습니다.`,
  },
};
