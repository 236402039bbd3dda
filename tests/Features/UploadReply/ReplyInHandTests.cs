using PatientResponse.Features;
using PatientResponse.Features.UploadReply;
using PatientResponse.Infrastructure.Files.Formats;

namespace PatientResponse.Tests.Features.UploadReply;

public class ReplyInHandTests
{
    [Fact]
    public void A_file_that_was_removed_stays_out_of_the_page_also_where_another_was_refused()
    {
        var (knee, arm) = (File("knee.jpg"), File("arm.jpg"));
        var before = new ReplyDraft("draft", Guid.Empty, "", [knee, arm], DateTimeOffset.UnixEpoch);
        var received = new ReceivedReply(true, "Better", 0, $"remove:{knee.Id:N}", [], [new RefusedFile("film.mp4", "Not this kind")], "", null);

        var reply = new ReplyInHand(before, new Room(3, 3, ""), received, IsOfFilesOnly: false);
        var decision = new ReplyDecision.Remove($"{knee.Id:N}");

        Assert.Equal([arm], reply.Kept(decision)!.Files);
        Assert.Equal("Better", reply.Kept(decision)!.Text);
        Assert.Equal([knee], reply.Dropped(decision));
        Assert.Equal("film.mp4", Assert.Single(reply.Refused).Name);
    }

    private static ReplyFile File(string name) => new(Guid.NewGuid(), name, FileKind.Jpeg, 1, false, name);
}
