using PatientResponse.Features;
using PatientResponse.Features.UploadReply;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Features.UploadReply;

public class ReplyDecisionTests
{
    private static readonly Refusal.Mistake Empty = new([new FieldError("text", "Write something")]);

    [Theory]
    [InlineData("send", "Send")]
    [InlineData("", "Send")]
    [InlineData("keep", "Keep")]
    [InlineData("delete", "Delete")]
    [InlineData("remove:0123", "Remove { File = 0123 }")]
    [InlineData("language:cy", "Translate")]
    [InlineData("language:tlh", "Again { Mistake =  }")]
    public void A_button_does_what_it_says(string action, string decision) =>
        Assert.StartsWith(decision, ReplyDecision.Of(null, action, isOfFilesOnly: false, wasDeleted: false, anyRefused: false).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("send")]
    [InlineData("keep")]
    [InlineData("language:cy")]
    public void A_file_that_was_refused_is_shown_before_anything_is_sent_or_left(string action) =>
        Assert.Equal(new ReplyDecision.Again(null), ReplyDecision.Of(null, action, isOfFilesOnly: false, wasDeleted: false, anyRefused: true));

    [Theory]
    [InlineData("keep", typeof(ReplyDecision.Keep))]
    [InlineData("delete", typeof(ReplyDecision.Delete))]
    [InlineData("language:cy", typeof(ReplyDecision.Translate))]
    [InlineData("send", typeof(ReplyDecision.Again))]
    public void A_mistake_keeps_a_reply_from_being_sent_and_from_nothing_else(string action, Type decision) =>
        Assert.IsType(decision, ReplyDecision.Of(Empty, action, isOfFilesOnly: false, wasDeleted: false, anyRefused: false));

    [Theory]
    [InlineData("send", false)]
    [InlineData("delete", false)]
    [InlineData("keep", true)]
    public void A_link_that_is_over_takes_nothing(string action, bool isOfFilesOnly) =>
        Assert.Equal(
            new ReplyDecision.Over(LinkState.Cancelled),
            ReplyDecision.Of(new Refusal.Dead(LinkState.Cancelled), action, isOfFilesOnly, wasDeleted: true, anyRefused: true));

    [Fact]
    public void An_answer_that_was_accepted_is_not_decided_again_but_a_file_of_it_is()
    {
        Assert.IsType<ReplyDecision.Repeated>(ReplyDecision.Of(new Refusal.Repeated(), "send", isOfFilesOnly: false, wasDeleted: false, anyRefused: true));
        Assert.IsType<ReplyDecision.Add>(ReplyDecision.Of(new Refusal.Repeated(), "", isOfFilesOnly: true, wasDeleted: false, anyRefused: false));
    }

    [Fact]
    public void A_file_that_was_on_its_way_when_all_was_deleted_does_not_come_back()
    {
        Assert.IsType<ReplyDecision.TooLate>(ReplyDecision.Of(Empty, "", isOfFilesOnly: true, wasDeleted: true, anyRefused: false));
        Assert.IsType<ReplyDecision.Add>(ReplyDecision.Of(Empty, "", isOfFilesOnly: true, wasDeleted: false, anyRefused: true));
        Assert.Equal(new ReplyDecision.Remove("0123"), ReplyDecision.Of(Empty, "remove:0123", isOfFilesOnly: true, wasDeleted: false, anyRefused: false));
    }

    [Fact]
    public void Another_language_is_the_one_that_was_asked_for() =>
        Assert.Equal(new ReplyDecision.Translate(Language.Welsh), ReplyDecision.Of(null, "language:cy", isOfFilesOnly: false, wasDeleted: false, anyRefused: false));
}
