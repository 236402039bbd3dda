using PatientResponse.Features.Composing;
using PatientResponse.Features.Templates;

namespace PatientResponse.Tests.Features.Templates;

public class TemplatesHandlerTests
{
    private static readonly TemplateSet Alices = new("clinician/alice", [new("1", "Knee", "How is your knee?", true), new("2", "Hip", "How is your hip?", false)]);
    private static readonly SaveTemplate Elbow = new("3", " Elbow ", "How is your elbow?\n", true);

    [Fact]
    public void A_new_one_is_added_and_a_changed_one_takes_its_place()
    {
        Assert.Equal(["Knee", "Hip", "Elbow"], TemplatesHandler.Handle(Elbow, Alices).Templates.Select(template => template.Name));
        var changed = TemplatesHandler.Handle(Elbow with { Id = "1" }, Alices);
        Assert.Equal([new("2", "Hip", "How is your hip?", false), new("1", "Elbow", "How is your elbow?", true)], changed.Templates);
        Assert.Equal(changed.Templates, TemplatesHandler.Handle(Elbow with { Id = "1" }, changed).Templates);
    }

    [Fact]
    public void A_deleted_one_is_gone_and_deleting_it_again_changes_nothing()
    {
        var left = TemplatesHandler.Delete("1", Alices);
        Assert.Equal(["Hip"], left.Templates.Select(template => template.Name));
        Assert.Equal(left.Templates, TemplatesHandler.Delete("1", left).Templates);
    }

    [Fact]
    public void Every_mistake_stands_beside_its_field()
    {
        AssertProblem(null, "", Elbow);
        AssertProblem(null, "", Elbow with { Name = new('n', 60) });
        AssertProblem(null, "", Elbow with { Id = "1", Name = "Knee" });
        AssertProblem("name", "Enter a name", Elbow with { Name = "  " });
        AssertProblem("name", "60 characters or fewer", Elbow with { Name = new('n', 61) });
        AssertProblem("name", "on one line", Elbow with { Name = "a\nb" });
        AssertProblem("name", "Another template has this name", Elbow with { Name = "knee" });
        AssertProblem("text", "Enter a message", Elbow with { Text = " \n" });
        AssertProblem("text", "[drug], {{dose}}", Elbow with { Text = "Take [drug] {{dose}}" });
        AssertProblem("text", "12 characters over", Elbow with { Text = new('t', 624) });
    }

    [Fact]
    public void The_hundred_and_first_is_refused_but_the_hundredth_can_be_changed()
    {
        var full = Alices with { Templates = [.. Enumerable.Range(0, TemplatesHandler.Most).Select(i => new Template($"{i}", $"Name {i}", "Text", false))] };
        Assert.Equal(TemplatesHandler.TooMany, Assert.Single(TemplatesHandler.Validate(Elbow with { Id = "new" }, full, "Text")).Message);
        Assert.Empty(TemplatesHandler.Validate(Elbow with { Id = "99" }, full, "Text"));
    }

    private static void AssertProblem(string? field, string words, SaveTemplate command)
    {
        var problems = TemplatesHandler.Validate(command, Alices, command.Text);
        if (field is null)
        {
            Assert.Empty(problems);
            return;
        }
        var problem = Assert.Single(problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }
}
