// GitHub's settings of a repository that a run task needs: the workflow file, variables, secrets, and the rules of the default branch.

 
export interface GithubSettings {}
