# A stand-in for Homebrew on Linux on x64: ruby homebrew.rb FORMULA PREFIX. It fetches from file URLs, verifies, installs
# into PREFIX and runs the formula's own test, with as much of the formula's language as ours uses.
require "digest"
require "fileutils"
require "pathname"
require "tmpdir"

class Pathname
  def install(name)
    mkpath
    FileUtils.cp(name, self)
  end
end

class Formula
  class << self
    attr_reader :fetched, :digest, :check

    %i[desc homepage version license].each { |name| define_method(name) { |_value| nil } }

    def on_linux = yield
    def on_intel = yield
    def on_macos = nil
    def on_arm = nil
    def url(value) = @fetched = value
    def sha256(value) = @digest = value
    def test(&block) = @check = block
  end

  attr_reader :testpath

  def initialize(prefix, testpath)
    @prefix = Pathname(prefix)
    @testpath = Pathname(testpath)
  end

  def bin = @prefix/"bin"
  def man1 = @prefix/"share/man/man1"

  def system(*words) = Kernel.system(*words.map(&:to_s), out: File::NULL) || abort("#{words} failed")
  def shell_output(command) = `#{command}`
  def assert_match(expected, text) = text.include?(expected) || abort("no #{expected} in #{text}")

  def generate_completions_from_executable(program, *words, shells:)
    shells.each do |shell|
      text = IO.popen([program, *words, shell].map(&:to_s), &:read)
      abort "#{shell} has no completions" if text.empty?
      (@prefix/"completions").mkpath
      (@prefix/"completions"/shell.to_s).write(text)
    end
  end
end

formula, prefix = ARGV
load formula
archive = Keyfront.fetched.delete_prefix("file://")
abort "another checksum" unless Digest::SHA256.file(archive).hexdigest == Keyfront.digest
Dir.mktmpdir do |folder|
  Kernel.system("tar", "-xzf", archive, "-C", folder, "--strip-components=1") || abort("the archive is broken")
  Dir.chdir(folder) { Keyfront.new(prefix, folder).install }
end
Dir.mktmpdir { |folder| Dir.chdir(folder) { Keyfront.new(prefix, folder).instance_eval(&Keyfront.check) } }
