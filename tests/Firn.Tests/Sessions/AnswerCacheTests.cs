using CsCheck;

namespace Firn.Tests.Sessions;

/// <summary>Remembered answers: given while all that was read is as it was, and never afterwards.</summary>
public sealed class AnswerCacheTests
{
    [Fact]
    public void A_remembered_answer_is_used_until_any_one_thing_that_was_read_changes()
    {
        using var world = new AnswerWorld();
        var kinds = world.Changes.Count;
        // In any order, and with some more than once: what was changed before must not hide what changes now.
        Gen.Shuffle(Enumerable.Range(0, kinds).ToArray()).Sample(
            order =>
            {
                foreach (var i in order)
                {
                    var (what, change) = world.Changes[i];
                    world.Ask();
                    Assert.False(world.Ask().WasEvaluated, $"before: {what}");
                    change();
                    var after = world.Ask();
                    Assert.True(after.WasEvaluated, what);
                    Assert.Equal(world.Ask(remembers: false).Value, after.Value);
                    AnswerWorld.Settle();
                }
            },
            iter: 1, threads: 1);
    }

    [Fact]
    public void Changes_that_make_no_difference_leave_the_answer()
    {
        using var world = new AnswerWorld();
        var first = world.Ask();
        foreach (var (what, change) in world.OtherChanges)
        {
            change();
            var again = world.Ask();
            Assert.False(again.WasEvaluated, what);
            Assert.Equal(first.Value, again.Value);
            Assert.Equal(["trace: traced"], again.Messages.Where(m => m.StartsWith("trace", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_file_that_changes_again_in_the_moment_in_which_it_was_read_is_read_again()
    {
        using var world = new AnswerWorld();
        var change = world.Changes.Single(c => c.What.Contains("same size", StringComparison.Ordinal)).Change;
        for (var i = 0; i < 20; i++)
        {
            change();
            Assert.True(world.Ask().WasEvaluated, $"round {i}");
        }
    }

    [Fact]
    public void A_damaged_answer_is_not_used_and_written_again()
    {
        using var world = new AnswerWorld();
        var value = world.Ask().Value;
        var file = Assert.Single(world.Answers);
        var content = File.ReadAllBytes(file);
        foreach (var damaged in (byte[][])[[], content[..^1], content[..(content.Length / 2)], [.. content[..100], (byte)(content[100] ^ 1), .. content[101..]]])
        {
            File.WriteAllBytes(file, damaged);
            var again = world.Ask();
            Assert.True(again.WasEvaluated);
            Assert.Equal(value, again.Value);
            Assert.False(world.Ask().WasEvaluated);
        }
    }

    [Fact]
    public void Short_evaluations_and_those_that_want_it_are_not_remembered()
    {
        using var world = new AnswerWorld();
        world.Ask(worth: TimeSpan.FromHours(1));
        Assert.Empty(world.Answers);
        world.Ask(remembers: false);
        Assert.Empty(world.Answers);
    }

    [Fact]
    public async Task Writers_at_the_same_time_leave_one_good_answer()
    {
        using var world = new AnswerWorld();
        var value = world.Ask(remembers: false).Value;
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.Ask().Value, TestContext.Current.CancellationToken)));
        Assert.All(all, v => Assert.Equal(value, v));
        Assert.False(world.Ask().WasEvaluated);
        Assert.Single(world.Answers);
    }
}
