using System.Reflection;
using Firn.Evaluation;
using Firn.Evaluation.Explaining;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Evaluation;

public sealed class ExplanationTests
{
    public static TheoryData<string> Codes => [.. Explanation.All.Where(e => e.Wrong.Length > 0).Select(e => e.Code)];

    [Fact]
    public void Every_code_of_the_evaluator_is_explained()
    {
        var codes = typeof(EvaluationErrors).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(p => ((ErrorCode)p.GetValue(null)!).Name);

        Assert.Empty(codes.Except(Explanation.All.Select(e => e.Code)));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_wrong_example_fails_with_its_code_and_the_right_one_works(string code)
    {
        var explanation = Explanation.Find(code)!;

        Assert.Equal(code, Evaluations.Failure(explanation.Wrong).Code.Name);
        Assert.NotEqual("", Evaluations.Value(explanation.Right));
    }
}
